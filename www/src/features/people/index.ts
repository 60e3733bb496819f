export { People } from './People';
export { PersonDoor } from './PersonDoor';
